# SPDX-License-Identifier: Apache-2.0
"""What the tests of this folder run against: the services as processes on loopback, and the parties around them."""
