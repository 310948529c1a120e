import StormTestKit
import StormTopology

extension BlockBolt {
    /// Acks, and counts the tuples.
    static func counting(_ arrived: Observed<Int>) -> BlockBolt {
        BlockBolt { tuple, out in
            arrived.update { $0 += 1 }
            out.ack(tuple)
        }
    }

    /// Acks, and counts how often each number came: the first value.
    static func counting(_ arrived: Observed<[Int: Int]>) -> BlockBolt {
        BlockBolt { tuple, out in
            let id = tuple.int(0)
            arrived.update { $0[id, default: 0] += 1 }
            out.ack(tuple)
        }
    }
}
