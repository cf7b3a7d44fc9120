-- PostgreSQL: each change of the table product leaves a message in an outbox, in the same
-- transaction. outbox_worker.py sends it after the commit; a rollback leaves nothing.

CREATE TABLE invalidation_outbox (
  id      bigserial PRIMARY KEY,
  message text NOT NULL
);

-- The arguments of the trigger: the cache, and the column that is its key.
CREATE FUNCTION leave_invalidation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cache text := TG_ARGV[0];
  old_key jsonb;
  new_key jsonb;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO invalidation_outbox (message) VALUES (jsonb_build_object('cache', cache));
  ELSE
    -- A change of the key itself makes both keys stale.
    IF TG_OP <> 'INSERT' THEN old_key := to_jsonb(OLD) -> TG_ARGV[1]; END IF;
    IF TG_OP <> 'DELETE' THEN new_key := to_jsonb(NEW) -> TG_ARGV[1]; END IF;
    INSERT INTO invalidation_outbox (message) VALUES (jsonb_build_object(
      'cache', cache, 'keys', array_remove(ARRAY[old_key, nullif(new_key, old_key)], NULL)));
  END IF;
  -- Wakes the worker. It is sent at the commit; the outbox has the message if nobody listens.
  NOTIFY invalidation;
  RETURN NULL;
END $$;

CREATE TRIGGER leave_invalidation AFTER INSERT OR UPDATE OR DELETE ON product
  FOR EACH ROW EXECUTE FUNCTION leave_invalidation('products', 'id');

CREATE TRIGGER leave_invalidation_of_all AFTER TRUNCATE ON product
  FOR EACH STATEMENT EXECUTE FUNCTION leave_invalidation('products');
