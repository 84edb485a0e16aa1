"""Words of dates in many languages: months, days of the week, half days, labels, zones."""
