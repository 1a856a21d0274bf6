-- The feed of items whose sender names none is called `main`, whether they come as files or in batches; `api` was its name when only
-- batches had one.
UPDATE trade SET source = 'main' WHERE source = 'api';
UPDATE trade_reversal SET source = 'main' WHERE source = 'api';
UPDATE balance SET source = 'main' WHERE source = 'api';
