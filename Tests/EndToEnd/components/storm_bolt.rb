# Hands numbers on, by Storm's own storm.rb; fails one of ten, the first time that it comes.
require File.expand_path('storm', __dir__)
require 'set'

class Pass < Storm::Bolt
  def prepare(_conf, context)
    @failed = Set.new
    logInfo("the bolt in Ruby is ready, as task #{context['taskid']}")
  end

  def process(tuple)
    number = tuple.values[0]
    if (number % 10).zero? && @failed.add?(number)
      fail(tuple)
    else
      emit([number], anchor: tuple)
      ack(tuple)
    end
  end
end

Pass.new.run
