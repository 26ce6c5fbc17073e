package crypto

import (
	"context"
	"slices"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// work is the part of an operation that computes. It knows no JavaScript.
type work[T any] func() (T, error)

// manyBytes take about a millisecond to digest or encrypt.
const manyBytes = 1 << 20

// finish does the work, and makes the result of it. What takes long runs beside
// the isolate, so that other events need not wait, except in a Durable Object:
// no other event may come between its code before and after an await that is no
// I/O.
func finish[T any](js *jsg.Scope, w work[T], long bool, result func(js *jsg.Scope, v T) (jsg.Value, error)) (jsg.Value, error) {
	if c := iocontext.Current(js); long && c != nil && c.Gate == nil {
		return iocontext.Go(js, func(context.Context) (T, error) { return w() }, result), nil
	}
	v, err := w()
	if err != nil {
		return nil, err
	}
	return result(js, v)
}

func buffer(js *jsg.Scope, b []byte) (jsg.Value, error) { return js.NewArrayBuffer(b), nil }
func boolean(js *jsg.Scope, b bool) (jsg.Value, error)  { return js.Bool(b), nil }

// cipherCall is encrypt or decrypt: (algorithm, key, data).
func cipherCall(usage, kind string, run cipherFunc) func(*Subtle, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
	return func(_ *Subtle, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		p := algorithmArg(a, 0, kind)
		k, data := keyArg(a, 1, p, usage), dataArg(a, 2)
		if a.Err() != nil {
			return nil, a.Err()
		}
		w, err := run(p, k, data)
		if err != nil {
			return nil, err
		}
		return finish(js, w, p.long || len(data) > manyBytes, buffer)
	}
}

func encrypt(p *params, k *Key, data []byte) (work[[]byte], error) { return k.alg.encrypt(p, k, data) }
func decrypt(p *params, k *Key, data []byte) (work[[]byte], error) { return k.alg.decrypt(p, k, data) }

func (*Subtle) sign(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := algorithmArg(a, 0, "SignAlgorithm")
	k, data := keyArg(a, 1, p, "sign"), dataArg(a, 2)
	if a.Err() != nil {
		return nil, a.Err()
	}
	w, err := k.alg.sign(p, k, data)
	if err != nil {
		return nil, err
	}
	return finish(js, w, p.long || len(data) > manyBytes, buffer)
}

func (*Subtle) verify(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := algorithmArg(a, 0, "SignAlgorithm")
	k, signature, data := keyArg(a, 1, p, "verify"), dataArg(a, 2), dataArg(a, 3)
	if a.Err() != nil {
		return nil, a.Err()
	}
	w, err := k.alg.verify(p, k, signature, data)
	if err != nil {
		return nil, err
	}
	return finish(js, w, len(data) > manyBytes, boolean)
}

func (*Subtle) digest(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := algorithmArg(a, 0, "HashAlgorithm")
	data, ok := jsg.Bytes(a.Value(1))
	if !ok {
		a.Mismatch(1, "BufferSource")
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	hash, err := hashNamed(p.name)
	if err != nil {
		return nil, err
	}
	if len(data) <= manyBytes {
		return js.NewArrayBuffer(sum(hash, data)), nil
	}
	data = slices.Clone(data) // the caller may go on to write there
	return finish(js, func() ([]byte, error) { return sum(hash, data), nil }, true, buffer)
}

func (*Subtle) generateKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p, extractable, usages := algorithmArg(a, 0, "GenerateKeyAlgorithm"), boolArg(a, 1), usagesArg(js, a, 2)
	if a.Err() != nil {
		return nil, a.Err()
	}
	alg := algorithmNamed(p.name)
	if alg == nil || alg.generate == nil {
		return nil, unsupported("Unrecognized key generation algorithm %q requested.", p.name)
	}
	allowed := slices.Concat(alg.secretUses, alg.privateUses, alg.publicUses)
	for _, u := range usages {
		if !slices.Contains(allowed, u) {
			return nil, syntaxError("Attempt to generate %s key with invalid usage %q.", alg.name, u)
		}
	}
	k := &Key{alg: alg, kind: "secret", extractable: extractable, usages: only(usages, allowed)}
	w, err := alg.generate(p, k)
	if a.Err() != nil {
		return nil, a.Err()
	}
	if err != nil {
		return nil, err
	}
	if w == nil {
		return k.generated(js)
	}
	return finish(js, w, p.long, func(js *jsg.Scope, _ struct{}) (jsg.Value, error) { return k.generated(js) })
}

// generated is the result of generateKey: a key, or the two halves of one.
func (k *Key) generated(js *jsg.Scope) (jsg.Value, error) {
	if !k.alg.isPair() {
		if len(k.usages) == 0 {
			return nil, noPrivateUse()
		}
		return k.wrap(js), nil
	}
	private, public := *k, *k
	private.kind, private.usages = "private", only(k.usages, k.alg.privateUses)
	public.kind, public.usages, public.private, public.extractable = "public", only(k.usages, k.alg.publicUses), nil, true
	if len(private.usages) == 0 {
		return nil, syntaxError("Attempt to generate asymmetric keys with no valid private key usages.")
	}
	return js.Record("publicKey", public.wrap(js), "privateKey", private.wrap(js)), nil
}

func noPrivateUse() error {
	return syntaxError("Secret/private CryptoKeys must have at least one usage.")
}

func (*Subtle) importKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	format := formatArg(a)
	if _, ok := a.Value(1).(*jsg.Object); !ok && a.Len() > 1 && jsg.IsNullish(a.Value(1)) {
		a.Fail(uninitialized("JsonWebKey"))
	} else if !ok {
		a.Mismatch(1, "BufferSource or JsonWebKey")
	}
	p := algorithmArg(a, 2, "ImportKeyAlgorithm")
	extractable, usages := boolArg(a, 3), usagesArg(js, a, 4)
	if a.Err() != nil {
		return nil, a.Err()
	}
	k, err := importKey(js, p, format, a.Value(1), extractable, usages)
	if err != nil {
		return nil, err
	}
	return k.wrap(js), nil
}

// importKey is the operation behind importKey, unwrapKey and deriveKey.
func importKey(js *jsg.Scope, p *params, format string, data jsg.Value, extractable bool, usages []string) (*Key, error) {
	alg := algorithmNamed(p.name)
	if alg == nil || alg.importKey == nil {
		return nil, unsupported("Unrecognized key import algorithm %q requested.", p.name)
	}
	in, err := keyDataOf(js, p.a, format, data)
	if err != nil {
		return nil, err
	}
	k := &Key{alg: alg, kind: "secret", extractable: extractable}
	if in.jwk != nil {
		if err := in.jwk.checkUse(alg, extractable, usages); err != nil {
			return nil, err
		}
	}
	k.usages = usages
	err = alg.importKey(p, in, k)
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	if err != nil {
		return nil, err
	}
	k.usages = only(usages, allUsages)
	if len(usages) == 0 && k.kind != "public" {
		return nil, noPrivateUse()
	}
	return k, nil
}

// checkUsages refuses usages a key of this kind cannot have. Algorithms call it
// as soon as they know the kind, before they look at the key material.
func (k *Key) checkUsages() error {
	for _, u := range k.usages {
		if !slices.Contains(k.alg.uses(k.kind), u) {
			return syntaxError("Attempt to import %s %s key with invalid usage %q.", k.kind, k.alg.name, u)
		}
	}
	return nil
}

func keyDataOf(js *jsg.Scope, a *jsg.Args, format string, data jsg.Value) (*keyData, error) {
	if err := modernFormat(js, format); err != nil {
		return nil, err
	}
	in := &keyData{format: format}
	if format == "raw-secret" || format == "raw-public" {
		in.format = "raw"
	}
	b, isBytes := jsg.Bytes(data)
	switch in.format {
	case "raw", "spki", "pkcs8":
		if !isBytes {
			return nil, errMismatch
		}
		in.bytes = slices.Clone(b)
	case "jwk":
		o, ok := data.(*jsg.Object)
		if !ok || isBytes {
			return nil, jsg.TypeErrorf("Import data provided for \"jwk\" import format must be a JsonWebKey.")
		}
		in.jwk = readJWK(js, a, o)
	default:
		return nil, in.notFormat()
	}
	return in, a.Err()
}

func (*Subtle) exportKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	format := formatArg(a)
	k, ok := KeyClass.From(a.Value(1))
	if !ok {
		a.Mismatch(1, "CryptoKey")
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	return exportKey(js, k, format)
}

// exportKey is the operation behind exportKey and wrapKey.
func exportKey(js *jsg.Scope, k *Key, format string) (jsg.Value, error) {
	if !k.extractable {
		return nil, accessError("Attempt to export non-extractable %s key.", k.alg.name)
	}
	if k.alg.exportKey == nil {
		return nil, unsupported("Unrecognized key export algorithm %q requested.", k.alg.name)
	}
	if err := modernFormat(js, format); err != nil {
		return nil, err
	}
	if format == "jwk" {
		fields, err := k.alg.exportJWK(k)
		if err != nil {
			return nil, err
		}
		return fields.object(js, k), nil
	}
	if format == "raw-secret" && k.kind == "secret" {
		format = "raw"
	}
	b, err := k.alg.exportKey(k, format)
	if err != nil {
		return nil, err
	}
	return js.NewArrayBuffer(b), nil
}

func (*Subtle) deriveBits(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := algorithmArg(a, 0, "DeriveKeyAlgorithm")
	k, bits := keyArg(a, 1, p, "deriveBits"), -1
	if v := a.Value(2); !jsg.IsNullish(v) {
		if bits = int32Of(a, a.Float(2)); bits < 0 {
			a.Fail(jsg.TypeErrorf("deriveBits length must be an unsigned long integer."))
		}
	}
	if a.Err() != nil {
		return nil, a.Err()
	}
	w, err := derive(p, k, bits)
	if err != nil {
		return nil, err
	}
	return finish(js, w, p.long, buffer)
}

// modernFormat refuses the formats of newer algorithms without their flag.
func modernFormat(js *jsg.Scope, format string) error {
	switch format {
	case "raw-secret", "raw-public", "raw-private", "raw-seed":
		if !js.Flag("webcrypto_modern_algorithms") {
			return unsupported("Key format %q requires the webcrypto_modern_algorithms flag.", format)
		}
	}
	return nil
}

func derive(p *params, k *Key, bits int) (work[[]byte], error) {
	w, err := k.alg.derive(p, k, bits)
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	return w, err
}

func (*Subtle) deriveKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p := algorithmArg(a, 0, "DeriveKeyAlgorithm")
	k, to := keyArg(a, 1, p, "deriveKey"), algorithmArg(a, 2, "ImportKeyAlgorithm")
	extractable, usages := boolArg(a, 3), usagesArg(js, a, 4)
	if a.Err() != nil {
		return nil, a.Err()
	}
	alg := algorithmNamed(to.name)
	if alg == nil || alg.keyLength == nil {
		return nil, unsupported("Unrecognized derived key type %q requested.", to.name)
	}
	to.derived = true
	bits, err := alg.keyLength(to)
	to.derived = false
	if a.Err() != nil {
		return nil, a.Err()
	}
	if err != nil {
		return nil, err
	}
	w, err := derive(p, k, bits)
	if err != nil {
		return nil, err
	}
	to = to.kept()
	return finish(js, w, p.long, func(js *jsg.Scope, secret []byte) (jsg.Value, error) {
		derived, err := importKey(js, to, "raw", js.NewArrayBuffer(secret), extractable, usages)
		if err != nil {
			return nil, err
		}
		return derived.wrap(js), nil
	})
}

func (*Subtle) wrapKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	format := formatArg(a)
	k, ok := KeyClass.From(a.Value(1))
	if !ok {
		a.Mismatch(1, "CryptoKey")
	}
	p := algorithmArg(a, 3, "EncryptAlgorithm")
	with := keyArg(a, 2, p, "wrapKey")
	if a.Err() != nil {
		return nil, a.Err()
	}
	exported, err := exportKey(js, k, format)
	if err != nil {
		return nil, err
	}
	data, ok := jsg.ArrayBufferOf(exported)
	if !ok {
		text, _, err := js.JSONStringify(exported)
		if err != nil {
			return nil, err
		}
		data = []byte(text)
	}
	var w work[[]byte]
	if with.alg.wrap != nil {
		w = func() ([]byte, error) { return with.alg.wrap(with, data) }
	} else if w, err = with.alg.encrypt(p, with, data); err != nil {
		return nil, err
	}
	return finish(js, w, p.long, buffer)
}

// unwrapKey(format, wrapped, key, algorithm, keyAlgorithm, extractable, usages)
func (*Subtle) unwrapKey(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	format, wrapped := formatArg(a), dataArg(a, 1)
	p, to := algorithmArg(a, 3, "EncryptAlgorithm"), algorithmArg(a, 4, "ImportKeyAlgorithm")
	with := keyArg(a, 2, p, "unwrapKey")
	extractable, usages := boolArg(a, 5), usagesArg(js, a, 6)
	if a.Err() != nil {
		return nil, a.Err()
	}
	var w work[[]byte]
	var err error
	if with.alg.unwrap != nil {
		w = func() ([]byte, error) { return with.alg.unwrap(with, wrapped) }
	} else if w, err = with.alg.decrypt(p, with, wrapped); err != nil {
		return nil, err
	}
	to = to.kept()
	return finish(js, w, p.long, func(js *jsg.Scope, data []byte) (jsg.Value, error) {
		var v jsg.Value = js.NewArrayBuffer(data)
		if format == "jwk" {
			if v, err = js.JSONParse(string(data)); err != nil {
				return nil, err
			}
		}
		k, err := importKey(js, to, format, v, extractable, usages)
		if err != nil {
			return nil, err
		}
		return k.wrap(js), nil
	})
}
