-- What a client holds at the end of a trading day, one row a fund account ('' = the client as a whole). Correctable: the last word wins.
CREATE TABLE balance (
    client_id       uuid NOT NULL CONSTRAINT balance_client_exists REFERENCES client,
    trade_day       date NOT NULL,
    fund_account_no text NOT NULL DEFAULT '',
    source          text NOT NULL,
    currency        text NOT NULL CONSTRAINT balance_currency_iso4217 CHECK (currency ~ '^[A-Z]{3}$'),
    total_assets    numeric(28, 8) NOT NULL CONSTRAINT balance_total_not_negative CHECK (total_assets >= 0),
    net_assets      numeric(28, 8) NOT NULL,
    cash            numeric(28, 8),
    market_value    numeric(28, 8),
    liabilities     numeric(28, 8),
    recorded_at     timestamptz NOT NULL,
    PRIMARY KEY (client_id, trade_day, fund_account_no)
);
