// What `import Storm` gives a topology's author: components and builder, values, names and configuration, and the
// components of YAML topologies.
@_exported public import StormCore
@_exported public import StormFlux
@_exported public import StormMultilang
@_exported public import StormTopology
@_exported public import StormWire
