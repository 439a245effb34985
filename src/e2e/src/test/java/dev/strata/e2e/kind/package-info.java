/** What only real kubelets can show. Needs a Docker engine: make test-kind. */
package dev.strata.e2e.kind;
