// What `import Storm` gives a topology's author: components and builder, values, names and configuration.
@_exported public import StormCore
@_exported public import StormMultilang
@_exported public import StormTopology
@_exported public import StormWire
