# A reliable spout by Storm's own storm.rb. usage: storm_spout.rb FOLDER RATE COUNT
require File.expand_path('storm', __dir__)
require File.expand_path('ledger', __dir__)

class Numbers < Storm::Spout
  def open(_conf, _context)
    @ledger = Ledger.new(ARGV[0], ARGV[1].to_f, ARGV[2].to_i)
  end

  def nextTuple
    number = @ledger.take
    number ? emit([number], id: number) : sleep(0.001)
  end

  def ack(id) = @ledger.ack(id)
  def fail(id) = @ledger.fail(id)
end

Numbers.new.run
