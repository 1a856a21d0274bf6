-- Which tier a client is in when, by business days: what the record and the policies say, whatever came in when. Derived
-- from balances and active days, rewritten from the first day that changed; a period may begin after today, where time
-- alone will change something. What was decided and shown on a day is a decision, not a row of this table.
CREATE TABLE tier_period (
    client_id      uuid NOT NULL CONSTRAINT tier_period_client_exists REFERENCES client,
    starts_on      date NOT NULL,
    ends_on        date, -- first day that no longer belongs to it
    valid_during   daterange NOT NULL GENERATED ALWAYS AS (daterange(starts_on, ends_on)) STORED,
    tier_policy_id uuid NOT NULL CONSTRAINT tier_period_policy_exists REFERENCES policy,
    rung           text NOT NULL,
    rung_since     date NOT NULL, -- first day on this rung, over however many periods
    tier           text NOT NULL CONSTRAINT tier_period_tier_known CHECK (tier IN ('ordinary', 'middle', 'high_net_worth')),
    service_level  text NOT NULL CONSTRAINT tier_period_service_known CHECK (service_level IN ('ordinary', 'middle', 'high_net_worth')),
    status         text NOT NULL CONSTRAINT tier_period_status_known CHECK (status IN ('settled', 'in_grace', 'watch')),
    rule           text NOT NULL CONSTRAINT tier_period_rule_known CHECK (rule IN ('no_balances_yet', 'first_assignment',
                   'upgrade_at_once', 'held_in_grace', 'watch', 'downgrade_after_grace', 'unchanged')),
    recorded_at    timestamptz NOT NULL, -- when the record first said that a period like this begins on this day
    PRIMARY KEY (client_id, starts_on),
    CONSTRAINT tier_period_not_empty CHECK (starts_on < ends_on),
    CONSTRAINT tier_period_rung_since_ordered CHECK (rung_since <= starts_on),
    CONSTRAINT tier_period_no_overlap EXCLUDE USING gist (client_id WITH =, valid_during WITH &&)
);
