//! The closed list of what a trade can do.

platform::labels! {
    #[derive(PartialOrd, Ord)]
    Side = "trade_side" "What a trade did; the closed list of the firm's order books" "买卖方向" {
        Buy = "buy" "Buy" "买入",
        Sell = "sell" "Sell" "卖出",
        MarginBuy = "margin_buy" "Buy with borrowed money" "融资买入",
        SellToRepay = "sell_to_repay" "Sell to repay borrowed money" "卖券还款",
        ShortSell = "short_sell" "Sell borrowed securities" "融券卖出",
        BuyToCover = "buy_to_cover" "Buy to return borrowed securities" "买券还券",
        Subscribe = "subscribe" "Subscribe to fund units before the fund opens" "认购",
        Purchase = "purchase" "Purchase fund units at net asset value" "申购",
        Redeem = "redeem" "Give fund units back" "赎回",
        RegularPlan = "regular_plan" "Purchase by a regular plan" "定投",
        ReverseRepo = "reverse_repo" "Lend money against bonds; ends by itself" "逆回购",
        NewShareSubscription = "new_share_subscription" "Take shares allotted before listing" "打新",
        Convert = "convert" "Turn units of one fund into another's" "转换",
        /// The record does not say whether long or short.
        OptionOpen = "option_open" "Open an option position" "期权开仓",
        OptionClose = "option_close" "Close an option position" "期权平仓",
    }
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
