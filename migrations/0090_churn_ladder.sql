-- A model is the step of a ladder that serves: what the book's own past has taught, a model with dropout, one without, or each
-- client's own rhythm. `identified` and `code` still say whether the book shows clients leaving, and if not, why.
ALTER TABLE churn_model
    DROP CONSTRAINT churn_model_kind_known,
    DROP CONSTRAINT churn_model_complete,
    ALTER COLUMN kind DROP NOT NULL; -- no step serves
UPDATE churn_model SET kind = NULL WHERE NOT identified;
UPDATE churn_model SET parameters = jsonb_build_object(
    'base', '{"step": "mbg_nbd"}'::jsonb || parameters, 'level', 0, 'learned', NULL, 'bounds', '{"floor": 0, "ceiling": 1}'::jsonb)
WHERE identified;
ALTER TABLE churn_model
    ADD CONSTRAINT churn_model_kind_known CHECK (kind IN ('logistic', 'mbg_nbd', 'nbd', 'rhythm')),
    ADD CONSTRAINT churn_model_complete CHECK ((kind IS NULL) = (parameters IS NULL) AND identified = (code IS NULL)),
    ADD CONSTRAINT churn_model_kind_identified CHECK (identified OR kind IS DISTINCT FROM 'mbg_nbd');

-- Published: models that may speak, newest cutoff first by `churn_model_by_cutoff`.
CREATE OR REPLACE VIEW usable_churn_model AS
SELECT churn_model_id, version, cutoff, parameters FROM churn_model WHERE parameters IS NOT NULL;

-- What is with us of a client whose revenue is at risk; unknown where no balance came.
ALTER TABLE churn_alert ADD COLUMN net_assets numeric(28, 8);
