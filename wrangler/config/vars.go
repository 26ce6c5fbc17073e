package config

// loadVars fills Config.Vars.
func (r *resolver) loadVars() {}
