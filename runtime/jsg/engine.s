// This file is empty: it lets the compiler accept the functions without a body
// in enginepromise.go.
