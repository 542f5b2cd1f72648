using System.Runtime.ExceptionServices;

namespace SkPeft.Tensors.Threading;

/// <summary>
/// A fixed set of threads that do one piece of work together. The calling thread is worker 0; the others wait for work by
/// spinning for microseconds, then yielding, then sleeping, so that a hot hand-over costs less than a microsecond and an idle
/// team costs nothing. One piece of work runs at a time; a second caller waits its turn.
/// </summary>
public sealed class WorkerTeam : IDisposable
{
    private readonly object _turn = new();
    private readonly Worker[] _workers;
    private readonly WaitingRoom _callersRoom = new();
    private readonly int[] _cores;
    private IWork? _work;
    private int _generation;
    private int _unfinished;
    private bool _running;
    private bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Number of workers including the caller, at least 1.</param>
    /// <exception cref="InvalidOptionException"><paramref name="threads"/> is below 1 or above 1024.</exception>
    public WorkerTeam(int threads)
    {
        if (threads is < 1 or > 1024)
        {
            throw new InvalidOptionException("threads", threads.ToString(), "a number from 1 to 1024");
        }

        Count = threads;
        _cores = new int[threads];
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new Worker(this, i + 1);
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Count { get; }

    /// <summary>Runs <paramref name="work"/> on every worker and returns when all are done.</summary>
    /// <remarks>If workers throw, all finish first; then the exception of the lowest-numbered one is thrown here.</remarks>
    /// <exception cref="InvalidOperationException">Called from inside work that this team is running.</exception>
    public void Run(IWork work)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_running)
            {
                throw new InvalidOperationException("WorkerTeam.Run was called from inside work that the same team is running.");
            }

            _running = true;
            try
            {
                RunTogether(work);
            }
            finally
            {
                _running = false;
            }
        }
    }

    /// <summary>Stops and joins the threads.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
            Release();
        }

        foreach (Worker worker in _workers)
        {
            worker.Dispose();
        }

        _callersRoom.Dispose();
    }

    private void RunTogether(IWork work)
    {
        if (_workers.Length == 0)
        {
            work.Execute(0, 1);
            return;
        }

        _work = work;
        _cores[0] = Cores.Current;
        Volatile.Write(ref _unfinished, _workers.Length);
        Release();
        Exception? failure = null;
        try
        {
            work.Execute(0, Count);
        }
        catch (Exception e)
        {
            failure = e;
        }

        for (int left = Volatile.Read(ref _unfinished); left != 0; left = Volatile.Read(ref _unfinished))
        {
            _callersRoom.WaitWhile(ref _unfinished, left);
        }

        _work = null;
        foreach (Worker worker in _workers)
        {
            failure ??= worker.Failure;
            worker.Failure = null;
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void Release()
    {
        Interlocked.Increment(ref _generation);
        foreach (Worker worker in _workers)
        {
            worker.Room.Wake();
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly WorkerTeam _team;
        private readonly int _number;
        private readonly Thread _thread;
        private long _lastStep;

        public Worker(WorkerTeam team, int number)
        {
            _team = team;
            _number = number;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"SkPeft worker {number}" };
            _thread.Start();
        }

        public WaitingRoom Room { get; } = new();

        public Exception? Failure { get; set; }

        public void Dispose()
        {
            _thread.Join();
            Room.Dispose();
        }

        private void Loop()
        {
            for (int seen = 0; ; seen++)
            {
                Room.WaitWhile(ref _team._generation, seen);
                if (_team._stopping)
                {
                    return;
                }

                StepAside();
                try
                {
                    _team._work!.Execute(_number, _team.Count);
                }
                catch (Exception e)
                {
                    Failure = e;
                }

                Interlocked.Decrement(ref _team._unfinished);
                _team._callersRoom.Wake();
            }
        }

        // Those before it keep their cores. They may have been noted a moment ago: a wrong step costs microseconds, once.
        private void StepAside()
        {
            int core = Cores.Current;
            Span<int> before = _team._cores.AsSpan(0, _number);
            if (core >= 0 && before.Contains(core) && Environment.TickCount64 != _lastStep && Cores.TryLeave(before))
            {
                _lastStep = Environment.TickCount64;
                core = Cores.Current;
            }

            _team._cores[_number] = core;
        }
    }
}
