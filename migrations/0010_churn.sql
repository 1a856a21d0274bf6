-- Fitted churn models, the runs that fitted and used them, and the alerts they opened.
CREATE TABLE churn_policy (
    churn_policy_id uuid PRIMARY KEY,
    version         integer NOT NULL CONSTRAINT churn_policy_version_unique UNIQUE,
    status          text NOT NULL CONSTRAINT churn_policy_status_known CHECK (status IN ('active', 'retired')),
    rules           jsonb NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX churn_policy_one_active ON churn_policy ((true)) WHERE status = 'active';

CREATE TABLE churn_model (
    churn_model_id uuid PRIMARY KEY,
    version        integer NOT NULL CONSTRAINT churn_model_version_unique UNIQUE,
    kind           text NOT NULL CONSTRAINT churn_model_kind_known CHECK (kind IN ('mbg_nbd')),
    cutoff         date NOT NULL, -- the last trading day it saw
    identified     boolean NOT NULL,
    code           text, -- why not, when not identified
    parameters     jsonb,
    fit            jsonb NOT NULL, -- clients, repeaters, log-likelihood, iterations
    created_at     timestamptz NOT NULL,
    CONSTRAINT churn_model_complete CHECK (identified = (parameters IS NOT NULL) AND identified = (code IS NULL))
);
CREATE INDEX churn_model_by_cutoff ON churn_model (cutoff DESC, version DESC);

CREATE TABLE scoring_run (
    scoring_run_id uuid PRIMARY KEY,
    job_id         uuid NOT NULL CONSTRAINT scoring_run_job_unique UNIQUE,
    as_of          date NOT NULL,
    horizon_days   integer NOT NULL CONSTRAINT scoring_run_horizon_forecast CHECK (horizon_days BETWEEN 1 AND 730),
    churn_model_id uuid NOT NULL CONSTRAINT scoring_run_model_exists REFERENCES churn_model,
    summary        jsonb NOT NULL,
    created_at     timestamptz NOT NULL
);
CREATE INDEX scoring_run_by_as_of ON scoring_run (as_of DESC, scoring_run_id DESC);

CREATE TABLE churn_alert (
    client_id       uuid NOT NULL CONSTRAINT churn_alert_client_exists REFERENCES client,
    churn_alert_id  uuid NOT NULL,
    scoring_run_id  uuid NOT NULL CONSTRAINT churn_alert_run_exists REFERENCES scoring_run,
    churn_model_id  uuid NOT NULL CONSTRAINT churn_alert_model_exists REFERENCES churn_model,
    status          text NOT NULL CONSTRAINT churn_alert_status_known
                    CHECK (status IN ('open', 'acknowledged', 'in_progress', 'resolved', 'expired', 'cleared')),
    severity        text NOT NULL CONSTRAINT churn_alert_severity_known CHECK (severity IN ('critical', 'high', 'medium', 'low')),
    as_of           date NOT NULL,
    horizon_days    integer NOT NULL CONSTRAINT churn_alert_horizon_forecast CHECK (horizon_days BETWEEN 1 AND 730),
    p_silent        double precision NOT NULL CONSTRAINT churn_alert_p_silent_probability CHECK (p_silent BETWEEN 0 AND 1),
    value_at_risk   numeric(28, 8) NOT NULL,
    reasons         jsonb NOT NULL,
    advisor_id      uuid CONSTRAINT churn_alert_advisor_exists REFERENCES staff,
    due_on          date NOT NULL,
    opened_at       timestamptz NOT NULL,
    acknowledged_at timestamptz,
    started_at      timestamptz,
    closed_at       timestamptz,
    closed_as_of    date,
    outcome         text CONSTRAINT churn_alert_outcome_known CHECK (outcome IN ('retained', 'lost', 'false_alarm')),
    loss_reason     text CONSTRAINT churn_alert_loss_reason_known CHECK (loss_reason IN
                    ('fees', 'service', 'losses', 'system', 'competitor', 'moved', 'advisor_left', 'other')),
    row_version     bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, churn_alert_id),
    CONSTRAINT churn_alert_closed_complete CHECK ((status IN ('resolved', 'expired', 'cleared')) = (closed_at IS NOT NULL)
        AND (closed_at IS NULL) = (closed_as_of IS NULL)),
    CONSTRAINT churn_alert_outcome_complete CHECK ((status = 'resolved') = (outcome IS NOT NULL)),
    CONSTRAINT churn_alert_loss_reason_complete CHECK ((outcome IS NOT DISTINCT FROM 'lost') = (loss_reason IS NOT NULL)),
    -- Steps come one after the other; the system may end an alert at any of them.
    CONSTRAINT churn_alert_acknowledged_complete CHECK (CASE WHEN acknowledged_at IS NULL
        THEN status IN ('open', 'expired', 'cleared') AND started_at IS NULL ELSE status <> 'open' END),
    CONSTRAINT churn_alert_started_complete CHECK (CASE WHEN started_at IS NULL
        THEN status NOT IN ('in_progress', 'resolved') ELSE status IN ('in_progress', 'resolved', 'expired') END)
);
CREATE UNIQUE INDEX churn_alert_one_open ON churn_alert (client_id) WHERE status IN ('open', 'acknowledged', 'in_progress');
CREATE INDEX churn_alert_by_status ON churn_alert (status, churn_alert_id);
CREATE INDEX churn_alert_by_severity ON churn_alert (status, severity, churn_alert_id);
CREATE INDEX churn_alert_by_value ON churn_alert (status, severity, value_at_risk, churn_alert_id);
CREATE INDEX churn_alert_by_advisor ON churn_alert (advisor_id, status, churn_alert_id);

-- A contact that answers an alert answers one of the same client.
ALTER TABLE interaction ADD CONSTRAINT interaction_alert_exists
    FOREIGN KEY (client_id, churn_alert_id) REFERENCES churn_alert (client_id, churn_alert_id);
-- Published: models that may speak, newest cutoff first by `churn_model_by_cutoff`.
CREATE VIEW usable_churn_model AS
SELECT churn_model_id, version, cutoff, parameters FROM churn_model WHERE identified;

-- Published: the book's value scores at the end of a day, at 101 quantiles, and the policy that scored them.
CREATE VIEW book_value AS
SELECT scoring_run_id, as_of, (summary #>> '{value,policy_version}')::integer AS policy_version, summary #> '{value,quantiles}' AS quantiles
FROM scoring_run WHERE summary -> 'value' <> 'null';
