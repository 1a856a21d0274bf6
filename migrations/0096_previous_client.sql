-- A new record may continue that of a closed client: it takes over the identity document and says whose record it continues.
ALTER TABLE client ADD COLUMN previous_client_id uuid CONSTRAINT client_previous_exists REFERENCES client;
ALTER TABLE client ADD CONSTRAINT client_previous_is_another CHECK (previous_client_id <> client_id);
CREATE UNIQUE INDEX client_previous_continued_once ON client (previous_client_id) WHERE previous_client_id IS NOT NULL;
