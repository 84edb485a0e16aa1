"""The pages that the rooms below share are imported from this folder."""
