-- What the last day to act on an alert leans on: version of the calendar of working days, years that nobody has loaded,
-- years still to be confirmed. Null for a time in calendar days, and for alerts opened when every Monday to Friday counted.
ALTER TABLE churn_alert ADD COLUMN due_basis jsonb;
