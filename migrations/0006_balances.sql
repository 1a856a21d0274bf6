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
    PRIMARY KEY (client_id, trade_day, fund_account_no),
    CONSTRAINT balance_liabilities_not_negative CHECK (liabilities >= 0),
    CONSTRAINT balance_net_at_most_total CHECK (net_assets <= total_assets),
    -- To the cent: what comes in may have been rounded.
    CONSTRAINT balance_net_is_total_less_liabilities CHECK (abs(total_assets - liabilities - net_assets) <= 0.01)
);

-- Published: a client's balance a day, in the book's currency: the one of the client as a whole where there is one, else
-- what its fund accounts add up to. Never both, which would count the same money twice.
CREATE VIEW daily_balance AS
SELECT client_id, trade_day,
       CASE WHEN bool_or(fund_account_no = '') THEN sum(total_assets) FILTER (WHERE fund_account_no = '')
            ELSE sum(total_assets) END AS total_assets,
       CASE WHEN bool_or(fund_account_no = '') THEN sum(net_assets) FILTER (WHERE fund_account_no = '')
            ELSE sum(net_assets) END AS net_assets,
       CASE WHEN bool_or(fund_account_no = '') THEN sum(cash) FILTER (WHERE fund_account_no = '')
            ELSE sum(cash) END AS cash,
       CASE WHEN bool_or(fund_account_no = '') THEN sum(market_value) FILTER (WHERE fund_account_no = '')
            ELSE sum(market_value) END AS market_value,
       CASE WHEN bool_or(fund_account_no = '') THEN sum(liabilities) FILTER (WHERE fund_account_no = '')
            ELSE sum(liabilities) END AS liabilities
FROM balance GROUP BY client_id, trade_day;
