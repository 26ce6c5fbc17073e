package jsg

// DOMException as in https://webidl.spec.whatwg.org/#idl-DOMException. It is
// here and not in an API package because DOMErrorf must make one.
type domException struct {
	message, name string
}

var domExceptionCodes = []struct {
	name, constant string
	code           int
}{
	{"IndexSizeError", "INDEX_SIZE_ERR", 1}, {"", "DOMSTRING_SIZE_ERR", 2},
	{"HierarchyRequestError", "HIERARCHY_REQUEST_ERR", 3}, {"WrongDocumentError", "WRONG_DOCUMENT_ERR", 4},
	{"InvalidCharacterError", "INVALID_CHARACTER_ERR", 5}, {"", "NO_DATA_ALLOWED_ERR", 6},
	{"NoModificationAllowedError", "NO_MODIFICATION_ALLOWED_ERR", 7}, {"NotFoundError", "NOT_FOUND_ERR", 8},
	{"NotSupportedError", "NOT_SUPPORTED_ERR", 9}, {"InUseAttributeError", "INUSE_ATTRIBUTE_ERR", 10},
	{"InvalidStateError", "INVALID_STATE_ERR", 11}, {"SyntaxError", "SYNTAX_ERR", 12},
	{"InvalidModificationError", "INVALID_MODIFICATION_ERR", 13}, {"NamespaceError", "NAMESPACE_ERR", 14},
	{"InvalidAccessError", "INVALID_ACCESS_ERR", 15}, {"", "VALIDATION_ERR", 16},
	{"TypeMismatchError", "TYPE_MISMATCH_ERR", 17}, {"SecurityError", "SECURITY_ERR", 18},
	{"NetworkError", "NETWORK_ERR", 19}, {"AbortError", "ABORT_ERR", 20},
	{"URLMismatchError", "URL_MISMATCH_ERR", 21}, {"QuotaExceededError", "QUOTA_EXCEEDED_ERR", 22},
	{"TimeoutError", "TIMEOUT_ERR", 23}, {"InvalidNodeTypeError", "INVALID_NODE_TYPE_ERR", 24},
	{"DataCloneError", "DATA_CLONE_ERR", 25},
}

var domExceptionClass = &Class[domException]{
	Name:         "DOMException",
	ExtendsError: true,
	NewObject: func(js *Scope, this *Object, a *Args) (*domException, error) {
		e := &domException{message: a.OptString(0, ""), name: "Error"}
		if a.Has(1) {
			e.name = a.String(1)
		}
		if err := a.Err(); err != nil {
			return nil, err
		}
		js.DefineReadOnly(this, "code", js.Int(int64(e.code())))
		js.DefineReadOnly(this, "name", js.String(e.name))
		js.DefineReadOnly(this, "message", js.String(e.message))
		js.showStack(this)
		return e, nil
	},
	Members: domExceptionMembers(),
}

// DOMExceptionClass is the class for the list of globals.
func DOMExceptionClass() AnyClass { return domExceptionClass }

func domExceptionMembers() Members[domException] {
	var m Members[domException]
	for _, c := range domExceptionCodes {
		m = append(m, Const[domException](c.constant, c.code))
	}
	return m
}

func (e *domException) code() int {
	for _, c := range domExceptionCodes {
		if c.name == e.name && e.name != "" {
			return c.code
		}
	}
	return 0
}

// NewDOMException makes a DOMException with the current stack.
func NewDOMException(js *Scope, message, name string) *Object {
	o, err := js.rt.New(domExceptionClass.Constructor(js), js.rt.ToValue(message), js.rt.ToValue(name))
	if err != nil {
		panic(err)
	}
	return o
}
