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

-- Published: a client's balance a day, over all fund accounts, in the book's currency.
CREATE VIEW daily_balance AS
SELECT client_id, trade_day, sum(total_assets) AS total_assets, sum(net_assets) AS net_assets, sum(cash) AS cash,
       sum(market_value) AS market_value, sum(liabilities) AS liabilities
FROM balance GROUP BY client_id, trade_day;
