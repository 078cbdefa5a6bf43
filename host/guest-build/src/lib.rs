//! Builds filters from source: finds or fetches what the guest's language needs.
