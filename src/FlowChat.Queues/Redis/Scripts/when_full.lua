-- A write that needs no memory: after it, a full server lets the script write what does.
call('HDEL', meta, '')
