namespace Grid.Engine;

/// <summary>Something else that is written in the journal's transactions, a little at a time: snapshots, ids, retention.</summary>
internal interface IJournalWork
{
    /// <summary>Called on the journal's thread, inside a transaction. May be called again after a transaction that failed.</summary>
    void Write(JournalDatabase database);

    /// <summary>Called once, when the transaction is committed or given up.</summary>
    void Done(Exception? failure);
}
