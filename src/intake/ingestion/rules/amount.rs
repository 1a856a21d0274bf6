//! The money a trade moved: as sent, or quantity × price.

use rust_decimal::{Decimal, dec};

use super::super::faults;
use super::checks::{SCALE, TOO_LARGE};
use platform::kernel::error::Fault;

/// How far an amount may lie from quantity × price: a cent, or a ten-thousandth of it.
const ROUNDING: (Decimal, Decimal) = (dec!(0.01), dec!(0.0001));

/// The amount sent, which must be what quantity × price says if both are there; or else quantity × price.
pub fn amount(amount: Option<Decimal>, quantity: Option<Decimal>, price: Option<Decimal>) -> Result<Decimal, Fault> {
    let product = match (quantity, price) {
        (Some(quantity), Some(price)) => Some(product(quantity, price)),
        _ => None,
    };
    match (amount, product) {
        (Some(amount), None) => Ok(amount),
        (None, Some(Some(product))) => Ok(product),
        (None, Some(None)) => Err(faults::TOO_LARGE.at("/amount")),
        (Some(amount), Some(product)) => {
            let agrees = |product: Decimal| {
                let off = (amount - product).abs();
                off <= ROUNDING.0 || off <= product * ROUNDING.1
            };
            if product.is_some_and(agrees) { Ok(amount) } else { Err(faults::AMOUNT_DISAGREES.at("/amount")) }
        }
        (None, None) => Err(faults::NO_AMOUNT.at("/amount")),
    }
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
