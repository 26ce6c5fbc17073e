package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/internal/nearest"
)

// explainUsage makes a command and those below it say what is wrong with their
// arguments in one way: what, and how it would be right.
func explainUsage(cmd *cobra.Command) {
	if cmd.HasSubCommands() && cmd.RunE == nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		}
		cmd.Args = cobra.ArbitraryArgs
	} else if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			if err == nil {
				return nil
			}
			wrong := wrongArguments(cmd, args)
			if e, ok := errors.AsType[*exitError](err); ok {
				return &exitError{code: e.code, err: wrong}
			}
			return wrong
		}
	}
	for _, c := range cmd.Commands() {
		explainUsage(c)
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	err := fmt.Errorf("there is no command %s %s", cmd.CommandPath(), name)
	if near := nearest.Word(name, names); near != "" {
		return fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return fmt.Errorf("%w; there are: %s", err, strings.Join(names, ", "))
}

// wrongArguments compares arguments with the words of Use in capitals.
func wrongArguments(cmd *cobra.Command, args []string) error {
	var want []string
	for _, word := range strings.Fields(cmd.Use)[1:] {
		if word == strings.ToUpper(word) && strings.Trim(word, "[]|.-") != "" && word[0] != '[' && word[0] != '-' {
			want = append(want, word)
		}
	}
	usage := "usage: " + strings.TrimSuffix(cmd.CommandPath(), cmd.Name()) + cmd.Use
	if len(args) < len(want) {
		return fmt.Errorf("%s missing\n%s", strings.Join(want[len(args):], ", "), usage)
	}
	return fmt.Errorf("the argument %q is one too many\n%s", args[len(args)-1], usage)
}
