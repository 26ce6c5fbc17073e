package r2

import (
	"encoding/hex"
	"fmt"
)

// Error is a refusal by R2. Applications see Text; codes and messages are those
// of the R2 simulator in wrangler 4.164.
type Error struct {
	Code    int // R2's own number, 0 if it is not known
	Status  int // HTTP status
	Message string
}

func (e *Error) Error() string {
	if e.Code == 0 {
		return e.Message
	}
	return fmt.Sprintf("%s (%d)", e.Message, e.Code)
}

// Text is the message of the Error that the binding's method throws.
func (e *Error) Text(method string) string { return method + ": " + e.Error() }

// R2's refusals.
var (
	ErrInternal         = &Error{10001, 500, "We encountered an internal error. Please try again."}
	ErrNoSuchKey        = &Error{10007, 404, "The specified key does not exist."}
	ErrEntityTooSmall   = &Error{10011, 400, "Your proposed upload is smaller than the minimum allowed object size."}
	ErrMetadataTooLarge = &Error{10012, 400, "Your metadata headers exceed the maximum allowed metadata size."}
	ErrInvalidName      = &Error{10020, 400, "The specified object name is not valid."}
	ErrInvalidMaxKeys   = &Error{10022, 400, "MaxKeys params must be positive integer <= 1000."}
	ErrNoSuchUpload     = &Error{10024, 400, "The specified multipart upload does not exist."}
	ErrInvalidPart      = &Error{10025, 400, "One or more of the specified parts could not be found."}
	ErrInvalidArgument  = &Error{10029, 400, "Metadata missing or invalid"}
	ErrPrecondition     = &Error{10031, 412, "At least one of the pre-conditions you specified did not hold."}
	ErrInvalidRange     = &Error{10039, 416, "The requested range is not satisfiable"}
	ErrBadUpload        = &Error{10048, 500, "There was a problem with the multipart upload."}
	ErrEntityTooLarge   = &Error{100100, 400, "Your proposed upload exceeds the maximum allowed object size."}
)

// errSSECKey refuses content without the key it was stored with. What R2 itself
// says is not documented, so there is no number.
var errSSECKey = &Error{0, 400, "The SSE-C key does not match the key that the object was stored with."}

// CodeBadDigest is the number of a refusal whose text depends on the checksums.
const CodeBadDigest = 10037

// badDigest says that content does not have the checksum it was sent with.
func badDigest(algorithm string, provided, actual []byte) *Error {
	return &Error{CodeBadDigest, 400, fmt.Sprintf(
		"The %[1]s checksum you specified did not match what we received.\n"+
			"You provided a %[1]s checksum with value: %[2]s\nActual %[1]s was: %[3]s",
		algorithm, hex.EncodeToString(provided), hex.EncodeToString(actual))}
}
