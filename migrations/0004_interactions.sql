-- What the firm's people said and heard: one row a contact with a client.
CREATE TABLE interaction (
    client_id       uuid NOT NULL CONSTRAINT interaction_client_exists REFERENCES client,
    interaction_id  uuid NOT NULL,
    channel         text NOT NULL CONSTRAINT interaction_channel_known
                    CHECK (channel IN ('call', 'email', 'sms', 'wecom', 'chat', 'visit', 'counter', 'salon', 'video')),
    direction       text NOT NULL CONSTRAINT interaction_direction_known CHECK (direction IN ('inbound', 'outbound')),
    purpose         text NOT NULL CONSTRAINT interaction_purpose_known
                    CHECK (purpose IN ('service', 'callback', 'retention', 'marketing', 'care', 'complaint', 'other')),
    outcome         text CONSTRAINT interaction_outcome_known CHECK (outcome IN
                    ('reached', 'no_answer', 'refused', 'call_back', 'bad_number', 'escalated', 'complaint', 'interest')),
    notes           text CONSTRAINT interaction_notes_bounds CHECK (notes ~ '\S' AND char_length(notes) <= 4000),
    next_step       text CONSTRAINT interaction_next_step_bounds CHECK (next_step ~ '\S' AND char_length(next_step) <= 500),
    next_step_on    date CONSTRAINT interaction_next_step_on_since_1970 CHECK (next_step_on >= '1970-01-01'),
    churn_alert_id  uuid, -- the alert this contact answers, if any
    staff_id        uuid NOT NULL CONSTRAINT interaction_staff_exists REFERENCES staff,
    occurred_at     timestamptz NOT NULL
                    CONSTRAINT interaction_occurred_at_since_1970 CHECK (occurred_at >= '1970-01-01T00:00:00Z'),
    row_version     bigint NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (client_id, interaction_id)
);
CREATE INDEX interaction_by_client ON interaction (client_id, occurred_at DESC, interaction_id DESC);
CREATE INDEX interaction_by_time ON interaction (occurred_at DESC, interaction_id DESC);
CREATE INDEX interaction_by_staff ON interaction (staff_id, occurred_at DESC, interaction_id DESC);
