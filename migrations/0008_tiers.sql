-- Tier policies as dated data, and which tier a client was in when: periods that never overlap, so `as_of` is a plain query.
CREATE TABLE tier_policy (
    tier_policy_id uuid PRIMARY KEY,
    version        integer NOT NULL CONSTRAINT tier_policy_version_unique UNIQUE,
    status         text NOT NULL CONSTRAINT tier_policy_status_known CHECK (status IN ('active', 'retired')),
    rules          jsonb NOT NULL,
    created_at     timestamptz NOT NULL
);
CREATE UNIQUE INDEX tier_policy_one_active ON tier_policy ((true)) WHERE status = 'active';

CREATE TABLE tier_assignment (
    client_id          uuid NOT NULL CONSTRAINT tier_assignment_client_exists REFERENCES client,
    tier_assignment_id uuid NOT NULL,
    tier_policy_id     uuid NOT NULL CONSTRAINT tier_assignment_policy_exists REFERENCES tier_policy,
    rung               text NOT NULL,
    rung_since         date NOT NULL, -- first day on this rung, over however many periods
    tier               text NOT NULL CONSTRAINT tier_assignment_tier_known CHECK (tier IN ('ordinary', 'middle', 'high_net_worth')),
    service_level      text NOT NULL CONSTRAINT tier_assignment_service_known CHECK (service_level IN ('ordinary', 'middle', 'high_net_worth')),
    standing           text NOT NULL CONSTRAINT tier_assignment_standing_known CHECK (standing IN ('settled', 'in_grace', 'watch')),
    rule               text NOT NULL CONSTRAINT tier_assignment_rule_known CHECK (rule IN ('no_balances_yet', 'first_assignment',
                       'upgrade_at_once', 'held_in_grace', 'watch', 'downgrade_after_grace', 'unchanged')),
    inputs             jsonb NOT NULL,
    reasons            jsonb NOT NULL,
    valid_during       tstzrange NOT NULL,
    PRIMARY KEY (client_id, tier_assignment_id),
    CONSTRAINT tier_assignment_no_overlap EXCLUDE USING gist (client_id WITH =, valid_during WITH &&),
    CONSTRAINT tier_assignment_period_not_empty CHECK (NOT isempty(valid_during))
);
CREATE INDEX tier_assignment_current ON tier_assignment (client_id) WHERE upper_inf(valid_during);
