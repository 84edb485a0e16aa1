"""Reports of finished runs for other programs: metrics, webhooks."""
