// Package rounded has the functions of Math with the digits that V8 gives: the
// exact result, rounded to the nearest float64. Those of Go's math package, and
// of most C libraries, are a digit off now and then.
//
// They are worked out with pairs of numbers of some 106 bits (T. J. Dekker, "A
// floating-point technique for extending the available precision"), angles are
// reduced as far as they need to be (M. Payne, R. Hanek). The hyperbolic functions
// are those of fdlibm, made of the others, since V8's are. A power can differ from
// workerd's, whose C library rounds one in four thousand the other way.
//
// The truth is workerd: half a million results of each were compared.
package rounded
