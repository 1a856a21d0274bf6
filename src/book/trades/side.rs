//! The closed list of what a trade can do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a trade did; the closed list of the firm's order books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Side {
    /// 买入.
    Buy,
    /// 卖出.
    Sell,
    /// 融资买入: bought with borrowed money.
    MarginBuy,
    /// 卖券还款: sold to repay borrowed money.
    SellToRepay,
    /// 融券卖出: sold borrowed securities.
    ShortSell,
    /// 买券还券: bought to return borrowed securities.
    BuyToCover,
    /// 认购: fund units before the fund opens.
    Subscribe,
    /// 申购: fund units at net asset value.
    Purchase,
    /// 赎回: fund units given back.
    Redeem,
    /// 定投: a standing instruction to purchase.
    RegularPlan,
    /// 逆回购: money lent against bonds; ends by itself.
    ReverseRepo,
    /// 打新: shares allotted before listing.
    NewShareSubscription,
    /// 转换: units of one fund turned into another's.
    Convert,
    /// 期权开仓; the record does not say whether long or short.
    OptionOpen,
    /// 期权平仓.
    OptionClose,
}

/// The kind of position a trade opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// Owned: bought first, sold later.
    Long,
    /// Owed: sold first, bought back later.
    Short,
}

impl Side {
    /// Every side.
    pub const ALL: [Self; 15] = [
        Self::Buy,
        Self::Sell,
        Self::MarginBuy,
        Self::SellToRepay,
        Self::ShortSell,
        Self::BuyToCover,
        Self::Subscribe,
        Self::Purchase,
        Self::Redeem,
        Self::RegularPlan,
        Self::ReverseRepo,
        Self::NewShareSubscription,
        Self::Convert,
        Self::OptionOpen,
        Self::OptionClose,
    ];

    /// The position a trade of this side opens a lot of, if any.
    pub fn opens_lot(self) -> Option<Position> {
        match self {
            Self::Buy | Self::MarginBuy | Self::Subscribe | Self::Purchase => Some(Position::Long),
            Self::RegularPlan | Self::NewShareSubscription => Some(Position::Long),
            Self::ShortSell => Some(Position::Short),
            _ => None,
        }
    }

    /// The position a trade of this side closes lots of, if any.
    pub fn closes_lot(self) -> Option<Position> {
        match self {
            Self::Sell | Self::SellToRepay | Self::Redeem => Some(Position::Long),
            Self::BuyToCover => Some(Position::Short),
            _ => None,
        }
    }

    /// The client paid for a security: securities came in.
    pub fn is_buy(self) -> bool {
        self == Self::BuyToCover || self.opens_lot() == Some(Position::Long)
    }

    /// The client was paid for a security: securities went out.
    pub fn is_sell(self) -> bool {
        self == Self::ShortSell || self.closes_lot() == Some(Position::Long)
    }

    /// Counted apart: runs by itself, parks cash or is a lottery, and says nothing of how often the client decides to
    /// trade.
    pub fn is_apart(self) -> bool {
        matches!(self, Self::RegularPlan | Self::ReverseRepo | Self::NewShareSubscription)
    }
}
