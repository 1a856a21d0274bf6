-- Trades as they came, and what they add up to: one row a client and day, one row of running statistics a client.
-- A plain table keyed by client; roll-ups and statistics move in the transaction of the trade.
--
-- That the client exists is checked once a client and batch, by trade_statistics: its row is the first that every batch
-- touches, and no client is ever deleted. Checking it again for every trade and day would double what they cost.
--
-- Codes in keys are compared byte by byte (COLLATE "C"): a key of text in the language's order costs three times as much.
CREATE TABLE trade (
    client_id       uuid NOT NULL,
    trade_id        uuid NOT NULL,
    source          text COLLATE "C" NOT NULL CONSTRAINT trade_source_not_empty CHECK (source <> ''),
    external_id     text COLLATE "C" NOT NULL CONSTRAINT trade_external_id_not_empty CHECK (external_id <> ''),
    executed_at     timestamptz NOT NULL,
    trade_day       date NOT NULL, -- in the exchange's time zone
    side            text NOT NULL CONSTRAINT trade_side_known CHECK (side IN
                    ('buy', 'sell', 'margin_buy', 'sell_to_repay', 'short_sell', 'buy_to_cover', 'subscribe', 'purchase',
                     'redeem', 'regular_plan', 'reverse_repo', 'new_share_subscription', 'convert', 'option_open', 'option_close')),
    instrument      text NOT NULL CONSTRAINT trade_instrument_not_empty CHECK (instrument <> ''),
    product_type    text,
    fund_account_no text,
    currency        text NOT NULL CONSTRAINT trade_currency_iso4217 CHECK (currency ~ '^[A-Z]{3}$'),
    quantity        numeric(28, 8) CONSTRAINT trade_quantity_not_negative CHECK (quantity >= 0),
    price           numeric(28, 8) CONSTRAINT trade_price_not_negative CHECK (price >= 0),
    amount          numeric(28, 8) NOT NULL CONSTRAINT trade_amount_not_negative CHECK (amount >= 0),
    commission      numeric(28, 8) CONSTRAINT trade_commission_not_negative CHECK (commission >= 0),
    exchange_fee    numeric(28, 8) CONSTRAINT trade_exchange_fee_not_negative CHECK (exchange_fee >= 0),
    stamp_duty      numeric(28, 8) CONSTRAINT trade_stamp_duty_not_negative CHECK (stamp_duty >= 0),
    transfer_fee    numeric(28, 8) CONSTRAINT trade_transfer_fee_not_negative CHECK (transfer_fee >= 0),
    reversed        boolean NOT NULL DEFAULT false,
    recorded_at     timestamptz NOT NULL,
    PRIMARY KEY (client_id, executed_at, trade_id), -- also the order in which a client's trades are read: one index less
    CONSTRAINT trade_external_id_unique UNIQUE (client_id, source, external_id)
);

-- Takes one trade back. It may arrive before the trade it takes back; then the trade arrives reversed.
CREATE TABLE trade_reversal (
    client_id            uuid NOT NULL CONSTRAINT trade_reversal_client_exists REFERENCES client,
    trade_reversal_id    uuid NOT NULL,
    source               text COLLATE "C" NOT NULL CONSTRAINT trade_reversal_source_not_empty CHECK (source <> ''),
    external_id          text COLLATE "C" NOT NULL CONSTRAINT trade_reversal_external_id_not_empty CHECK (external_id <> ''),
    reverses_external_id text COLLATE "C" NOT NULL CONSTRAINT trade_reversal_reverses_not_empty CHECK (reverses_external_id <> ''),
    recorded_at          timestamptz NOT NULL,
    PRIMARY KEY (client_id, source, external_id),
    CONSTRAINT trade_reversal_once UNIQUE (client_id, source, reverses_external_id)
);

-- Trades net of reversals. `trade_count = 0` is an inactive day. Amounts are in the book's currency;
-- trades in another currency count as activity and are named, never added up.
CREATE TABLE trade_day (
    client_id            uuid NOT NULL,
    trade_day            date NOT NULL,
    trade_count          integer NOT NULL CONSTRAINT trade_day_count_not_negative CHECK (trade_count >= 0),
    other_currency_count integer NOT NULL,
    buy_amount           numeric(32, 8) NOT NULL,
    sell_amount          numeric(32, 8) NOT NULL,
    commission           numeric(32, 8) NOT NULL,
    commission_count     integer NOT NULL, -- trades that carried a commission
    PRIMARY KEY (client_id, trade_day)
) WITH (fillfactor = 80); -- the day of today is rewritten with every batch

-- Enough to score every client without touching history.
CREATE TABLE trade_statistics (
    client_id   uuid PRIMARY KEY CONSTRAINT trade_statistics_client_exists REFERENCES client,
    active_days integer NOT NULL CONSTRAINT trade_statistics_active_days_not_negative CHECK (active_days >= 0),
    trade_count bigint NOT NULL CONSTRAINT trade_statistics_count_not_negative CHECK (trade_count >= 0),
    first_day   date, -- first and last active day; null when no day is active
    last_day    date,
    buy_amount  numeric(32, 8) NOT NULL,
    sell_amount numeric(32, 8) NOT NULL,
    commission  numeric(32, 8) NOT NULL,
    CONSTRAINT trade_statistics_days_complete CHECK ((active_days = 0) = (first_day IS NULL) AND (first_day IS NULL) = (last_day IS NULL)),
    CONSTRAINT trade_statistics_days_ordered CHECK (first_day <= last_day)
) WITH (fillfactor = 50); -- rewritten with every batch: room for the next version on the same page, and no index to touch

-- Published: trades that stand.
CREATE VIEW effective_trade AS
SELECT client_id, source, external_id, executed_at, trade_day, side, instrument, product_type, currency, quantity, price, amount,
       commission
FROM trade WHERE NOT reversed;

-- Published: days on which the client traded.
CREATE VIEW active_day AS
SELECT client_id, trade_day, trade_count, other_currency_count, buy_amount, sell_amount, commission, commission_count
FROM trade_day WHERE trade_count > 0;

-- Published: the running statistics of clients who ever traded.
CREATE VIEW client_activity AS
SELECT client_id, active_days, trade_count, first_day, last_day FROM trade_statistics WHERE active_days > 0;

-- Published: active days of each client as the book stood at the end of a trading day. Running statistics where they still
-- say it, roll-ups for clients who traded later. Inlined into the statement that asks, with its conditions on the client.
CREATE FUNCTION activity_as_of(day date) RETURNS TABLE (client_id uuid, active_days bigint, first_day date, last_day date)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT a.client_id, a.active_days::bigint, a.first_day, a.last_day FROM client_activity a WHERE a.last_day <= day
    UNION ALL
    SELECT d.client_id, count(*), min(d.trade_day), max(d.trade_day)
    FROM client_activity a JOIN active_day d ON d.client_id = a.client_id
    WHERE a.first_day <= day AND a.last_day > day AND d.trade_day <= day
    GROUP BY d.client_id;
END;
