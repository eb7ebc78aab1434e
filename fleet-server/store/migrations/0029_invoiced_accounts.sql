-- Whether a provider has given any register is asked for each payment. Without this index the
-- answer "none" reads every account of the provider.
CREATE INDEX debt_account_invoiced ON debt_account (provider) WHERE invoice IS NOT NULL;
