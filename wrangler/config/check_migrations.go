package config

// checkMigrations walks the Durable Object migrations as a deployment would:
// each step can only be about classes that exist when it is taken.
func (r *resolver) checkMigrations() {
	tags, alive, gone := map[string]bool{}, map[string]bool{}, map[string]string{}
	create := func(v *value) {
		if alive[v.text] {
			r.errorf("migration_class_exists", v, "a class is created once; leave it out here", "The migration creates the class %q, which exists already.", v.text)
		}
		alive[v.text] = true
		delete(gone, v.text)
	}
	remove := func(v *value, what string) {
		if !alive[v.text] {
			r.errorf("migration_class_missing", v, "name a class that an earlier step creates", "The migration %ss the class %q, which no step before it creates.", what, v.text)
		}
		delete(alive, v.text)
		gone[v.text] = what
	}
	for _, m := range r.get("migrations").list() {
		if tag := m.get("tag"); tag != nil {
			if tags[tag.text] {
				r.errorf("migration_tag_twice", tag, "give each step a tag of its own", "The migration tag %q is used twice: a step whose tag was seen is never taken.", tag.text)
			}
			tags[tag.text] = true
		}
		for _, v := range m.get("new_classes").list() {
			create(v)
		}
		for _, v := range m.get("new_sqlite_classes").list() {
			create(v)
		}
		for _, e := range m.get("renamed_classes").list() {
			if from, to := e.get("from"), e.get("to"); from != nil && to != nil {
				remove(from, "rename")
				create(to)
			}
		}
		for _, v := range m.get("deleted_classes").list() {
			remove(v, "delete")
		}
	}
	for _, b := range r.get("durable_objects").get("bindings").list() {
		class := b.get("class_name")
		if script := b.getStr("script_name"); class == nil || script != "" && script != r.cfg.Name || alive[class.text] {
			continue
		}
		if what := gone[class.text]; what != "" {
			r.errorf("durable_object_class_gone", class, "bind another class, or create it anew in a later step", "The Durable Object class %q is bound, but a migration %ss it.", class.text, what)
		}
	}
}
