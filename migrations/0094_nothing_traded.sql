-- A trade of no quantity and no money is an order that was cancelled: it is kept, and counts in no figure.

CREATE OR REPLACE VIEW effective_trade AS
SELECT client_id, source, external_id, executed_at, trade_day, side, instrument, product_type, currency, quantity, price, amount,
       commission
FROM trade WHERE NOT reversed AND NOT (amount = 0 AND quantity IS NOT DISTINCT FROM 0);

-- Those that were counted are taken out of their days and of the running statistics.
WITH nothing AS (
    SELECT client_id, trade_day, count(*) AS trades, count(*) FILTER (WHERE NOT is_book) AS other_currency,
           coalesce(sum(commission) FILTER (WHERE is_book), 0) AS commission,
           count(commission) FILTER (WHERE is_book) AS commissions
    FROM (SELECT t.*, t.currency = (SELECT value FROM setting WHERE key = 'book_currency') AS is_book FROM trade t
          WHERE NOT t.reversed AND t.amount = 0 AND t.quantity = 0) t
    GROUP BY client_id, trade_day
)
UPDATE trade_day d
SET trade_count = d.trade_count - n.trades, other_currency_count = d.other_currency_count - n.other_currency,
    commission = d.commission - n.commission, commission_count = d.commission_count - n.commissions
FROM nothing n WHERE d.client_id = n.client_id AND d.trade_day = n.trade_day;

UPDATE trade_statistics s
SET active_days = d.active_days, trade_count = d.trade_count, first_day = d.first_day, last_day = d.last_day, commission = d.commission
FROM (SELECT client_id, count(*) FILTER (WHERE trade_count > 0) AS active_days, sum(trade_count) AS trade_count,
             min(trade_day) FILTER (WHERE trade_count > 0) AS first_day, max(trade_day) FILTER (WHERE trade_count > 0) AS last_day,
             sum(commission) AS commission
      FROM trade_day WHERE client_id IN (SELECT client_id FROM trade WHERE NOT reversed AND amount = 0 AND quantity = 0)
      GROUP BY client_id) d
WHERE s.client_id = d.client_id;
