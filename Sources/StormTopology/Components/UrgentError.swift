/// An error that the operator has to see however many others the task reports: it has a rate limit of its own.
package protocol UrgentError: Error {}
