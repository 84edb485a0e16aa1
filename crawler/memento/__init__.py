"""Web archives as mirrors of last resort: TimeGates, TimeMaps, CDX servers."""
