# What ledger.py does, in Ruby.
require 'fileutils'
require 'set'

class Ledger
  def initialize(folder, rate, count)
    FileUtils.mkdir_p(folder)
    @folder, @rate, @count = folder, rate, count
    @acked = numbers('acked').to_set
    @following = (numbers('begun').max || -1) + 1
    @again = (0...@following).reject { |number| @acked.include?(number) }
    @waiting = Set.new
    @files = %w[acked failed begun].to_h { |name| [name, File.open(path(name), 'a')] }
    @files.each_value { |file| file.sync = true }
    @start = now
    @given = 0
  end

  # The next number to emit, or nil.
  def take
    return nil if @given >= (now - @start) * @rate

    if !@again.empty?
      number = @again.pop
    elsif @following < @count && !File.exist?(path('stop'))
      number = @following
      @following += 1
      note('begun', number)
    else
      finish
      return nil
    end
    @given += 1
    @waiting << number
    number
  end

  def ack(number)
    @waiting.delete(number)
    @acked << number
    note('acked', number)
  end

  def fail(number)
    note('failed', number)
    @again << number if @waiting.delete?(number)
  end

  private

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  def path(name) = File.join(@folder, name)
  def note(name, number) = @files[name].write("#{number}\n")

  # A process that was killed may have left half a line at the end.
  def numbers(name)
    File.exist?(path(name)) ? File.readlines(path(name)).select { |line| line.end_with?("\n") }.map(&:to_i) : []
  end

  def finish
    return unless @waiting.empty? && @acked.size == @following && !File.exist?(path('done'))

    File.write(path('done.new'), "#{@following}\n")
    File.rename(path('done.new'), path('done'))
  end
end
