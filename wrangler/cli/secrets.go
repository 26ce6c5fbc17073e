package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/miniworker/miniworker/bindings/secrets"
)

// secretFlags name a secret and give its value.
type secretFlags struct {
	dataFlags
	name, id, value, scopes, comment string
}

func newSecretsStore(stdout io.Writer) *cobra.Command {
	var f secretFlags
	cmd := &cobra.Command{Use: "secrets-store", Short: "Keep secrets for secrets_store_secrets, also while dev runs"}
	f.declare(cmd.PersistentFlags())
	secret := &cobra.Command{Use: "secret", Short: "Create, list, update and delete the secrets of a store"}
	fl := secret.PersistentFlags()
	fl.StringVar(&f.name, "name", "", "name of the secret")
	fl.StringVar(&f.id, "secret-id", "", "the same; local secrets have no other id")
	fl.StringVar(&f.value, "value", "", "value; without it, it is read from standard input")
	fl.StringVar(&f.scopes, "scopes", "", "accepted, changes nothing")
	fl.StringVar(&f.comment, "comment", "", "accepted, changes nothing")
	for _, name := range []string{"scopes", "comment", "secret-id"} {
		fl.Lookup(name).Hidden = true
	}
	add := func(use, short string, run func(s *secrets.Store, name string) error) {
		secret.AddCommand(&cobra.Command{
			Use: use + " STORE-ID", Short: short, Args: cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				_, state, err := f.project()
				if err != nil {
					return err
				}
				s, err := secrets.Open(state, args[0])
				if err != nil {
					return err
				}
				name := f.name + f.id
				if name == "" && use != "list" {
					return fmt.Errorf("name the secret with --name")
				}
				return run(s, name)
			},
		})
	}
	add("create", "Keep a new secret", func(s *secrets.Store, name string) error {
		return f.set(s, name, func(exists bool) error {
			if exists {
				return fmt.Errorf("there is a secret %s already; change it with update", name)
			}
			return nil
		})
	})
	add("update", "Change a secret", func(s *secrets.Store, name string) error {
		return f.set(s, name, func(exists bool) error { return mustExist(exists, name) })
	})
	add("delete", "Forget a secret", func(s *secrets.Store, name string) error {
		return s.Change(func(all map[string]string) error {
			_, exists := all[name]
			delete(all, name)
			return mustExist(exists, name)
		})
	})
	add("get", "Say whether there is a secret; values are never shown", func(s *secrets.Store, name string) error {
		all, err := s.All()
		if err != nil {
			return err
		}
		_, exists := all[name]
		if err := mustExist(exists, name); err != nil {
			return err
		}
		fmt.Fprintln(stdout, name)
		return nil
	})
	add("list", "List the names of a store's secrets", func(s *secrets.Store, _ string) error {
		all, err := s.All()
		for _, name := range slices.Sorted(maps.Keys(all)) {
			fmt.Fprintln(stdout, name)
		}
		return err
	})
	cmd.AddCommand(secret)
	return cmd
}

func mustExist(exists bool, name string) error {
	if !exists {
		return fmt.Errorf("there is no secret %s", name)
	}
	return nil
}

func (f *secretFlags) set(s *secrets.Store, name string, check func(exists bool) error) error {
	value := f.value
	if value == "" {
		var err error
		if value, err = readValue(); err != nil {
			return err
		}
	}
	return s.Change(func(all map[string]string) error {
		_, exists := all[name]
		all[name] = value
		return check(exists)
	})
}

// readValue asks for a value without showing it, or reads what is piped in.
func readValue() (string, error) {
	in := int(os.Stdin.Fd())
	if term.IsTerminal(in) {
		fmt.Fprint(os.Stderr, "value: ")
		text, err := term.ReadPassword(in)
		fmt.Fprintln(os.Stderr)
		return string(text), err
	}
	text, err := io.ReadAll(os.Stdin)
	return strings.TrimRight(string(text), "\r\n"), err
}
