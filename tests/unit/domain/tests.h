/*
 * tests.h - cmocka with what it wants included before it, and a row of a table of tests that each
 * begin in a world of their own.
 */
#ifndef TESTS_TESTS_H
#define TESTS_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EACH(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
