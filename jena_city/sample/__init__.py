"""The embedded sample: a made-up quarter written to disk as any town would deliver it."""
