"""The rule language: text in, typed trees out; knows neither banks nor databases."""
