"""The checks of an order, one file each; `holdfire.law.review` lists them."""
