"""How pictures are made, one TOML file each, and the loader that checks them."""
