/// Namespace of the types of Storm's Thrift interface: `Thrift.KillOptions`, `Thrift.NotAliveException`, ….
///
/// They keep the names of the interface definition, which other modules use for their own, richer types.
package enum Thrift {}
