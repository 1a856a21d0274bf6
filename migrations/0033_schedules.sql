-- What the system does again and again: when, and whether. Registered at every start; what an operator set stays.
CREATE TABLE schedule (
    code         text PRIMARY KEY,
    every        text NOT NULL CONSTRAINT schedule_every_known CHECK (every IN ('day', 'working_day', 'trading_day', 'month')),
    day_of_month smallint CONSTRAINT schedule_day_of_month_range CHECK (day_of_month BETWEEN 1 AND 31),
    time_of_day  time NOT NULL,
    enabled      boolean NOT NULL,
    next_run_at  timestamptz NOT NULL,
    last_job_id  uuid,
    row_version  bigint NOT NULL DEFAULT 1,
    CONSTRAINT schedule_month_has_a_day CHECK ((every = 'month') = (day_of_month IS NOT NULL))
);
CREATE INDEX schedule_due ON schedule (next_run_at) WHERE enabled;
