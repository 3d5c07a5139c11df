"""Rules as rows of menus, both ways."""
