//! The money a trade moved: as sent, or quantity × price.

use rust_decimal::{Decimal, dec};

use super::super::faults;
use super::super::model::TradeInput;
use super::checks::{SCALE, TOO_LARGE};
use super::quotation::{self, Quotation};
use platform::kernel::error::Fault;

/// Where the money stands.
const AMOUNT: &str = "/amount";
/// What an amount is good to at least, whatever digits it was written with.
const CENT: Decimal = dec!(0.01);
/// Slips of the point that are named: a thousandth … a million times too much.
const POWERS_OF_TEN: [u32; 6] = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// What a trade says of its money.
pub struct Figures {
    quotation: Quotation,
    multiplier: Option<Decimal>,
    amount: Option<Decimal>,
    quantity: Option<Decimal>,
    price: Option<Decimal>,
}

impl Figures {
    /// Of a trade as it was sent.
    pub fn of(item: &TradeInput) -> Self {
        Self {
            quotation: quotation::of(item),
            multiplier: item.instrument.as_deref().and_then(quotation::multiplier).map(Decimal::from),
            amount: item.amount,
            quantity: item.quantity,
            price: item.price,
        }
    }

    /// The money the trade moved: the amount sent, or else quantity × price. Where a price is money per unit the two
    /// must agree, as far as their last printed digits go.
    pub fn money(&self) -> Result<Decimal, Fault> {
        Ok(match (self.amount, self.quantity.zip(self.price)) {
            (Some(amount), Some((quantity, price))) if self.quotation == Quotation::PerUnit => {
                self.agreed(amount, quantity, price)?
            }
            (Some(amount), _) => amount,
            (None, _) if self.quotation == Quotation::Apart => return Err(faults::NO_MONEY_PER_UNIT.at(AMOUNT)),
            (None, Some((quantity, price))) => product(quantity, price).ok_or_else(|| faults::TOO_LARGE.at(AMOUNT))?,
            (None, None) => return Err(faults::NO_AMOUNT.at(AMOUNT)),
        })
    }

    /// The amount, if quantity × price is no other.
    fn agreed(&self, amount: Decimal, quantity: Decimal, price: Decimal) -> Result<Decimal, Fault> {
        let Some(product) = product(quantity, price) else { return Err(faults::TOO_LARGE.at(AMOUNT)) };
        let is_times = |times: &Decimal| {
            let off = half_place(price) * quantity * times + CENT.max(half_place(amount));
            product.checked_mul(*times).is_some_and(|product| (amount - product).abs() <= off)
        };
        if is_times(&Decimal::ONE) {
            return Ok(amount);
        }
        let is_part = |times: &Decimal| is_times(&(Decimal::ONE / times));
        let powers = POWERS_OF_TEN.map(Decimal::from);
        let (fault, times) = match self.multiplier.filter(is_times) {
            Some(multiplier) => (&faults::AMOUNT_IS_OF_A_CONTRACT, multiplier),
            None => match (powers.into_iter().find(is_times), powers.into_iter().find(is_part)) {
                (Some(times), _) => (&faults::AMOUNT_IS_TIMES, times),
                (None, Some(times)) => (&faults::AMOUNT_IS_PART, times),
                (None, None) => (&faults::AMOUNT_DISAGREES, Decimal::ONE),
            },
        };
        Err(fault.with(AMOUNT, &[("amount", &amount), ("product", &product), ("times", &times)]))
    }
}

/// Half the last place of a printed figure. One without a point lost its zeros: money is good to the cent.
fn half_place(figure: Decimal) -> Decimal {
    let places = if figure.scale() == 0 { 2 } else { figure.scale() };
    Decimal::try_new(5, places + 1).unwrap_or_default()
}

/// Exact quantity × price, rounded half to even to eight decimals; none when it is too large to keep.
fn product(quantity: Decimal, price: Decimal) -> Option<Decimal> {
    let (quantity, price) = (quantity.normalize(), price.normalize());
    let exact = quantity.mantissa().checked_mul(price.mantissa())?;
    let scale = quantity.scale() + price.scale();
    let rounded = match scale.checked_sub(SCALE) {
        None | Some(0) => exact,
        Some(surplus) => half_even(exact, 10_i128.checked_pow(surplus)?),
    };
    let product = Decimal::try_from_i128_with_scale(rounded, scale.min(SCALE)).ok()?;
    (product < TOO_LARGE).then_some(product)
}

fn half_even(dividend: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + quotient % 2,
    }
}
