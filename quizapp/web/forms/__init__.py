"""Forms made from a bank: what is asked becomes fields, what is sent becomes answers or an error in words."""
